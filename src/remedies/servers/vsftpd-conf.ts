import { settingsIn } from "../template.ts";

/** A setting in the file of vsftpd, where Debian has it. */
export const set = settingsIn("/etc/vsftpd.conf", "=");
/** The file is read at the start alone. */
export const restart = ["systemctl restart vsftpd"];
/** Where others have it. */
export const ON_RED_HAT = "On Red Hat and its relatives the file is /etc/vsftpd/vsftpd.conf.";
