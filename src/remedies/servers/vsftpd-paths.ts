import { type RemedyTable, serverRemedy } from "../template.ts";
import { PATH_OF_THE_CLIENT, SELINUX, SHOW_HOME, SHOW_PATH } from "./paths.ts";
import { ON_RED_HAT, restart, set } from "./vsftpd-conf.ts";

/** vsftpd and the directories that its users may enter, read and write. */
export const vsftpdPaths: RemedyTable = {
  "writable-chroot": [
    serverRemedy(
      [
        "Takes the write permission from the directory that the user is locked into; then give the user one below it to write to.",
        "It holds for {home}, unless local_root, anon_root or user_sub_token name another directory.",
      ],
      { commands: ["chmod a-w {home}"] },
    ),
    serverRemedy(
      [
        "Where the user must write to that directory itself: lets vsftpd accept it.",
        "This weakens the server, because a user who writes there can lay traps for the server's libraries.",
        ON_RED_HAT,
      ],
      { config: [set("allow_writeable_chroot", "YES")], commands: restart },
    ),
  ],
  "home-directory": [
    serverRemedy(
      [
        "The commands show which directory on the way is missing or cannot be entered: make it, or give the user the right to enter it (x).",
        "For anonymous visitors it is what anon_root names, or else the home directory of {anonymousAccount}.",
        "local_root and user_sub_token may name another directory than the account has.",
        SELINUX,
      ],
      { commands: SHOW_HOME },
    ),
    serverRemedy(["Makes the home directory of {user}, where it is missing."], {
      commands: ["mkhomedir_helper {user}"],
    }),
  ],
  "read-path": [
    serverRemedy(
      [
        "vsftpd reads with the user's own rights: the commands show which directory on the way is missing or refuses them.",
        PATH_OF_THE_CLIENT,
        "For anonymous visitors it counts from anon_root, or else from the home directory of {anonymousAccount}, and files there must be readable for everybody.",
        SELINUX,
      ],
      { commands: SHOW_PATH },
    ),
  ],
  "write-path": [
    serverRemedy(
      [
        "vsftpd allows writing commands only with write_enable=YES, and then with the user's own rights on the disk.",
        "It opens the server for writing to every user who logs in: set it only where uploads are meant to be.",
        ON_RED_HAT,
      ],
      { config: [set("write_enable", "YES")], commands: restart },
    ),
  ],
};
