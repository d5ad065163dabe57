# Lists a directory as a short program on Python's ftplib does: everything by default, except that it tells what it does.
# Arguments: host, port, user, password (user and password empty: anonymous), folder (empty: where the login leads),
# what of TLS is asked for (empty: nothing), file with the certificate to trust (not used: FTP_TLS verifies nothing by default).
import ftplib
import sys

host, port, user, password, folder, tls = sys.argv[1:7]
ftp = ftplib.FTP_TLS() if tls else ftplib.FTP()
ftp.set_debuglevel(1)
ftp.connect(host, int(port))
ftp.login(user, password)
if folder:
    ftp.cwd(folder)
ftp.retrlines("LIST")
ftp.quit()
