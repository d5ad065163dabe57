/**
 * Files of a scripted server: their sizes alone, for what is in them is no matter.
 *
 * @typedef {object} Storing
 * @property {number} [mostUnderTls] bytes after which a file that is sent or read under TLS is given up
 * @property {string | null} [givenUp] what is then said; null for nothing, and the data connection stays open
 * @property {number[]} [holds] sizes of the files that are there from the beginning
 *
 * @typedef {{ plain: null, refusal: string }
 *   | { plain: import("node:net").Socket, connection: import("node:stream").Duplex, underTls: boolean }} DataConnection
 *
 * @typedef {object} Session
 * @property {(said: string) => Promise<void>} answer
 * @property {() => Promise<DataConnection>} protectedData
 */

export const FILE_COMMANDS = ["STOR", "RETR", "SIZE", "DELE"];

/** @param {Map<string, number>} stored bytes by path */
export function listingOf(stored) {
  return [...stored].map(([path, bytes]) => `-rw-r--r-- 1 ftp ftp ${bytes} Jan 01 2024 ${path}\r\n`).join("");
}

/**
 * What a session does with files.
 * @param {Session} session
 * @param {Storing} storing
 * @param {Map<string, number>} stored bytes by path, of all sessions
 */
export function filesOf({ answer, protectedData }, { mostUnderTls = Number.POSITIVE_INFINITY, givenUp }, stored) {
  /** @param {string} path */
  const store = async (path) => {
    await answer("150 Send it");
    const { plain, connection, underTls, refusal } = await protectedData();
    if (plain === null) return answer(refusal);
    const most = underTls ? mostUnderTls : Number.POSITIVE_INFINITY;
    let bytes = 0;
    const whole = await new Promise((resolve) => {
      connection.on("data", (chunk) => {
        bytes = Math.min(bytes + chunk.length, most);
        if (bytes === most) resolve(false);
      });
      connection.once("end", () => resolve(true)).once("close", () => resolve(true));
    });
    stored.set(path, bytes);
    if (whole) connection.end();
    else plain.resetAndDestroy();
    return answer(whole ? "226 It is here" : (givenUp ?? "451 Error during read from data connection"));
  };

  /** @param {number} bytes */
  const retrieve = async (bytes) => {
    await answer("150 Here it comes");
    const { plain, connection, underTls, refusal } = await protectedData();
    if (plain === null) return answer(refusal);
    const whole = !underTls || bytes <= mostUnderTls;
    if (!whole && givenUp === null) {
      connection.write(Buffer.alloc(mostUnderTls));
      return;
    }
    await new Promise((resolve) => connection.end(Buffer.alloc(whole ? bytes : mostUnderTls), resolve));
    return answer(whole ? "226 That was it" : (givenUp ?? "226 That was it"));
  };

  /** @param {string} name @param {string} path */
  return (name, path) => {
    const bytes = stored.get(path);
    if (name === "STOR") return store(path);
    if (name === "DELE") return answer(stored.delete(path) ? "250 Gone" : "550 No such file");
    if (bytes === undefined) return answer("550 No such file");
    return name === "RETR" ? retrieve(bytes) : answer(`213 ${bytes}`);
  };
}
