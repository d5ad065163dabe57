import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runOrFail } from "./processes.mjs";

const FTP_UID = 61_021;
const LAB_UID = 61_022;
const NOGROUP = 65_534;

/** The accounts of every server of one run; the password is new in every run, so that a leak of it shows. */
export class Accounts {
  /** @param {string} password @param {string} hash */
  constructor(password, hash) {
    this.password = password;
    this.hash = hash;
  }

  static async make() {
    const password = randomBytes(12).toString("base64url");
    const hash = await runOrFail(["openssl", "passwd", "-6", "-stdin"], { input: `${password}\n` });
    return new Accounts(password, hash.trim());
  }

  /**
   * Writes what the servers take from the machine, and the folders they show: `ftp` for anonymous visitors, `lab` with a writable home,
   * `homeless` whose home does not exist.
   * @param {string} folder
   * @returns {Promise<Record<string, string>>} what to lay over the machine's own files, for the server alone
   */
  async layOut(folder) {
    const anonymous = join(folder, "ftp");
    const home = join(folder, "home");
    await mkdir(join(anonymous, "pub"), { recursive: true });
    await mkdir(home);
    await mkdir(join(folder, "empty"));
    await writeFile(join(anonymous, "welcome.txt"), "Nothing here but the network lab.\n");
    await writeFile(join(home, "notes.txt"), "The lab's own account.\n");
    await chown(home, LAB_UID, NOGROUP);
    const etc = join(folder, "etc");
    await mkdir(join(etc, "pam.d"), { recursive: true });
    const users = [
      ["root", 0, "/root"],
      ["nobody", 65_534, "/nonexistent"],
      ["ftp", FTP_UID, anonymous],
      ["lab", LAB_UID, home],
      ["homeless", LAB_UID, join(folder, "no-such-home")],
    ];
    const pam = ["auth", "account"].map((kind) => `${kind} required pam_unix.so\n`).join("");
    const files = {
      passwd: users.map(([name, uid, at]) => `${name}:x:${uid}:${uid === 0 ? 0 : NOGROUP}::${at}:/bin/sh\n`).join(""),
      shadow: users
        .map(([name]) => `${name}:${name === "root" || name === "ftp" ? "*" : this.hash}:19000:0:99999:7:::\n`)
        .join(""),
      group: `root:x:0:\nnogroup:x:${NOGROUP}:\n`,
      "pam.d/vsftpd": pam,
      // netkit's ftpd leaves anonymous visitors to PAM as well, and asks it to open a session.
      "pam.d/ftp": `auth sufficient pam_ftp.so\n${pam}session required pam_permit.so\n`,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(etc, name), text);
    await chmod(join(etc, "shadow"), 0o600);
    return Object.fromEntries(["passwd", "shadow", "group", "pam.d"].map((name) => [`/etc/${name}`, join(etc, name)]));
  }
}
