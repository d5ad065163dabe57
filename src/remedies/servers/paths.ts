/** Shows the rights on every directory of the way, and the labels of SELinux. */
export const SHOW_PATH = ["namei -l {pathsOnDisk}", "ls -ldZ {pathsOnDisk}"];

/** The same for the directory that the login lands in. */
export const SHOW_HOME = ["namei -l {home}", "ls -ldZ {home}"];

/** How a path of a client becomes one of the disk. */
export const PATH_OF_THE_CLIENT =
  "Clients name a path from where the login lands, or from the directory that the user is locked into (chroot): it may lie elsewhere on the server's disk, or not exist there.";

/** What to do about SELinux, from the narrow to the wide. */
export const SELINUX =
  "Where SELinux is on: mend wrong labels with `restorecon -R` on the directory; let the server into home directories with `setsebool -P ftp_home_dir on`; `setsebool -P ftpd_full_access on` opens every file to it and is the last resort.";
