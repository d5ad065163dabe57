# Lists a directory as a short program on Python's ftplib does: everything by default, except that it tells what it does.
# Arguments: host, port, user, password (user and password empty: anonymous), folder (empty: where the login leads).
import ftplib
import sys

host, port, user, password, folder = sys.argv[1:6]
ftp = ftplib.FTP()
ftp.set_debuglevel(1)
ftp.connect(host, int(port))
ftp.login(user, password)
if folder:
    ftp.cwd(folder)
ftp.retrlines("LIST")
ftp.quit()
