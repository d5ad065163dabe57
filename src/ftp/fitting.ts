/**
 * Positive replies that belong to one command alone (RFC 959 section 5.4, RFC 2228, 2389, 2428). Where one of them answers
 * another command, the conversation is out of step. Codes not listed here may answer anything.
 */
const OWNERS: Readonly<Record<number, readonly string[]>> = {
  125: ["LIST", "NLST", "MLSD", "RETR", "STOR"],
  150: ["LIST", "NLST", "MLSD", "RETR", "STOR"],
  211: ["FEAT", "STAT", "SYST", "HELP"],
  215: ["SYST"],
  220: ["HOST", "REIN"],
  221: ["QUIT"],
  226: ["LIST", "NLST", "MLSD", "RETR", "STOR", "ABOR", "QUIT"],
  227: ["PASV", "EPSV"],
  228: ["LPSV", "EPSV", "PASV"],
  229: ["EPSV", "PASV"],
  230: ["USER", "PASS", "ACCT"],
  234: ["AUTH"],
  257: ["PWD", "MKD", "CWD"],
  331: ["USER"],
  332: ["USER", "PASS"],
  334: ["AUTH"],
};

/** Whether a reply code can be the answer to a command line. */
export function fits(code: number, commandLine: string): boolean {
  const owners = OWNERS[code];
  return owners === undefined || owners.includes(commandLine.split(" ", 1)[0] ?? "");
}
