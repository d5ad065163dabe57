import { CLOSE, END_DATA, HANG, isFinal, isPreliminary, RESET_DATA, reply, type Script, wait } from "../script.ts";
import { type Fault, fault, taking } from "./fault.ts";
import { refusing } from "./refusals.ts";

/** The data connection is set up well and the transfer goes wrong, or the path is refused. */
export const TRANSFER_FAULTS: readonly Fault[] = [
  fault("no-data", "data-connect-no-data", "150 is sent, and then no data and no closing reply", () => ({
    transfer: (usual) => [...upToData(usual), HANG],
  })),
  fault("no-data-no-150", "data-connect-no-data", "the data connection is taken, and nothing is said or sent", () => ({
    transfer: (usual) => [...upToData(usual).filter((action) => !isPreliminary(action)), HANG],
  })),
  fault("data-stalls", "data-pmtu-blackhole", "half of the data is sent, and then nothing", () => ({
    transfer: (usual) => [...upToData(usual), ...halfOfData(usual), HANG],
  })),
  fault(
    "data-from-stranger",
    "pasv-peer-ip-mismatch",
    "every passive data connection is taken for a stranger's and refused",
    (text) => ({
      transfer: (usual, { kind }) =>
        kind === "passive" ? [...usual.filter((a) => a.do === "open-data"), END_DATA, reply(text)] : usual,
    }),
    { ...taking("reply", "425 Security: Bad IP connecting."), wording: "vsftpd" },
  ),
  fault("data-reset", "data-reset-midway", "the data connection is reset halfway, then 426", () => ({
    transfer: (usual) => [
      ...upToData(usual),
      ...halfOfData(usual),
      wait(20),
      RESET_DATA,
      reply("426 Connection closed; transfer aborted."),
    ],
  })),
  fault("data-aborted", "data-aborted-by-server", "the data connection ends halfway, then 451", () => ({
    transfer: (usual) => [...upToData(usual), ...halfOfData(usual), END_DATA, reply("451 Failure reading local file.")],
  })),
  fault("data-426", "data-aborted-by-server", "the data connection ends halfway, then 426", () => ({
    transfer: (usual) => [
      ...upToData(usual),
      ...halfOfData(usual),
      END_DATA,
      reply("426 Failure writing network stream."),
    ],
  })),
  fault("data-425", "data-connect-no-data", "425 in place of 150, though the data connection was made", () => ({
    transfer: (usual) => [
      ...upToData(usual).filter((action) => !isPreliminary(action)),
      END_DATA,
      reply("425 Failed to establish connection."),
    ],
  })),
  fault("no-closing-reply", "ctl-nat-idle-drop", "the data comes whole, and its closing 226 never does", () => ({
    transfer: (usual) => usual.filter((action) => !isFinal(action)),
  })),
  fault("closing-reply-first", "reply-desync", "226 is sent before the data and 150 after it", () => ({
    transfer: (usual) => {
      const begins = usual.filter(isPreliminary);
      const ends = usual.filter(isFinal);
      return usual.flatMap((action) => (isPreliminary(action) ? ends : isFinal(action) ? begins : [action]));
    },
  })),
  fault("control-closes-in-transfer", "ctl-closed-mid-session", "the control connection ends after 150", () => ({
    transfer: (usual) => [...upToData(usual), CLOSE],
  })),
  fault(
    "slow-listing",
    "srv-slow-listing",
    "the data comes late after 150, by the time given in ms",
    (ms) => ({
      transfer: (usual) => usual.flatMap((a) => (a.do === "send-data" ? [wait(Number(ms)), a] : [a])),
    }),
    taking("ms", 5000),
  ),
  fault("empty-listing", null, "listings are empty and end well", () => ({
    transfer: (usual) => usual.map((a) => (a.do === "send-data" ? { ...a, text: "" } : a)),
  })),
  fault("endless-listing", null, "the data never ends", () => ({
    transfer: (usual) => [
      ...upToData(usual),
      { do: "flood-data", text: "-r--r--r--    1 ftp      ftp             1 Jan 15  2024 again.txt\r\n" },
      ...usual.filter(isFinal),
    ],
  })),
  fault(
    "listing-refused",
    "path-or-permission",
    "LIST, NLST and MLSD are refused",
    (text) => refusing(["LIST", "NLST", "MLSD"], text),
    taking("reply", "550 Permission denied."),
  ),
  fault(
    "directory-refused",
    "path-or-permission",
    "CWD is refused, which shows where a directory is asked for",
    (text) => refusing(["CWD", "CDUP"], text),
    taking("reply", "550 Failed to change directory."),
  ),
];

/** The usual script before the data is sent. */
function upToData(usual: Script): Script {
  const at = usual.findIndex((action) => action.do === "send-data");
  return at < 0 ? usual : usual.slice(0, at);
}

/** Half of the data, at least one byte where there are any. */
function halfOfData(usual: Script): Script {
  return usual.flatMap((a) =>
    a.do === "send-data" ? [{ ...a, text: a.text.slice(0, Math.ceil(a.text.length / 2)) }] : [],
  );
}
