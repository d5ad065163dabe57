import { describe, expect, test } from "vitest";
import { Secret } from "../../src/model/secret.ts";
import { identity, ROOTS } from "../support/tls-fixtures.ts";
import { type Act, LISTING, saying } from "./scripted-server.ts";
import { ACCOUNT, credentials, passiveOf, recordsOf, SERVER, sent, stage, workingModes } from "./stage.ts";

const { password } = ACCOUNT;

/** Echoes the password wherever it can; that it is in no evidence is checked by the stage. */
const echoing = (secret: string): Record<string, Act> => ({
  greeting: saying(`220-your password is ${secret}`, `220 ${secret}`),
  FEAT: saying("211-Features:", ` ${secret}`, ` EPSV ${secret}`, "211 End"),
  USER: saying(`331 ${secret} please`),
  PASS: saying(`230-PASS ${secret}`, `230 Welcome ${secret}${secret}`),
  SYST: saying(`215 ${secret}`),
  CWD: saying(`550 ${secret}: no such directory`),
  EPRT: saying(`501 ${secret}`),
  LIST: async (talk) => {
    const data = await talk.data();
    await talk.say(`150 ${secret}`);
    await data.write(Buffer.from(`${LISTING}${secret}\r\n`));
    await talk.wait(5);
    await data.write(Buffer.from(secret.slice(0, 4)));
    await talk.wait(5);
    await data.write(Buffer.from(`${secret.slice(4)}\r\n`));
    data.close();
    await talk.say(`226 ${secret}`);
  },
  QUIT: async (talk) => {
    await talk.say(`221 ${secret}`, secret, `200 ${secret}`);
    talk.close();
  },
});

/** Sends every reply of a script byte by byte. */
const dripping = (script: Record<string, Act>): Record<string, Act> =>
  Object.fromEntries(
    Object.entries(script).map(([verb, act]) => [
      verb,
      (talk, argument) =>
        act(
          {
            ...talk,
            data: () => talk.data(),
            say: async (...lines) => {
              for (const letter of lines.map((line) => `${line}\r\n`).join("")) {
                await talk.send(letter);
                await talk.wait(1);
              }
            },
          },
          argument,
        ),
    ]),
  );

describe("the password is nowhere in the evidence", () => {
  test("though it stands in the server's certificate", async () => {
    const { probe, simulator } = stage();
    await simulator([], { tls: identity("wrong-name") });
    const evidence = await probe({
      ...credentials(),
      password: new Secret("other.example"),
      extraRoots: ROOTS,
      insecure: true,
    });
    const agreed = recordsOf(evidence, "secure")[0]?.handshake?.agreed;
    expect(agreed?.certificates[0]?.names).toEqual(["[secret].net", "*.example.net"]);
    expect(JSON.stringify(evidence)).not.toContain("other.example");
  });

  test("though the server echoes it in every text", async () => {
    const { probe, scripted } = stage();
    await scripted(echoing(password));
    const evidence = await probe(credentials(), {}, `ftp://${SERVER}/pub`);
    expect(workingModes(evidence)).toContain("epsv");
    expect(JSON.stringify(evidence)).not.toContain(password);
    expect(passiveOf(evidence, "epsv").transfer?.sample).toBe(`${LISTING}[secret]\r\n[secret]\r\n`);
  });

  test("though the echo arrives byte by byte", async () => {
    const { probe, scripted } = stage();
    await scripted(dripping(echoing(password)));
    const evidence = await probe(credentials());
    expect(recordsOf(evidence, "control")[0]?.greeting?.reply?.lines).toEqual([
      "220-your password is [secret]",
      "220 [secret]",
    ]);
    expect(JSON.stringify(evidence)).not.toContain(password);
  });

  test("though it stands where a text is cut off", async () => {
    const cuts = [
      // 256 bytes of the greeting, 2 KiB of a reply, 2 KiB of a listing.
      { greeting: saying(`220 ${"x".repeat(247)}${password}`) },
      { PASS: saying(`230-${"x".repeat(2_037)}${password}`, "230 ok") },
      { SYST: saying("x".repeat(251) + password) },
      {
        LIST: (async (talk) => {
          const data = await talk.data();
          await data.write(Buffer.from(`${"x".repeat(2_043)}${password}\r\n`));
          data.close();
          await talk.say("226 Done");
        }) satisfies Act,
      },
    ];
    for (const script of cuts) {
      const { probe, scripted } = stage();
      const server = await scripted(script);
      const text = JSON.stringify(await probe({ ...credentials(), timeoutMs: 2_000 }));
      expect(text).not.toContain(password.slice(0, 4));
      expect(text).toContain("[secret]");
      await server.stop();
    }
  });

  test("though it has letters beyond ASCII and is listed as bytes", async () => {
    const { probe, scripted } = stage();
    await scripted(echoing("gehäuse-ü"));
    const evidence = await probe({ user: ACCOUNT.user, password: new Secret("gehäuse-ü") });
    const text = JSON.stringify(evidence);
    expect(text).not.toContain("gehäuse-ü");
    expect(text).not.toContain(Buffer.from("gehäuse-ü").toString("latin1"));
  });

  test("though the login is refused with it in the text", async () => {
    const { probe, scripted } = stage();
    await scripted({ PASS: saying(`530 ${password} is wrong for ${ACCOUNT.user}`) });
    const evidence = await probe(credentials());
    expect(recordsOf(evidence, "login")[0]?.exchanges.at(-1)?.replies[0]?.lines).toEqual([
      `530 [secret] is wrong for ${ACCOUNT.user}`,
    ]);
  });
});

describe("PASS is shown without its argument", () => {
  test.each(["secret", "PASS", "ecr", "ok", "[secret]", "", " "])("where the password is %j", async (word) => {
    const { probe, scripted } = stage();
    const server = await scripted({});
    const evidence = await probe({ user: "bob", password: new Secret(word) });
    expect(server.commands[0]).toContain(`PASS ${word}`);
    expect(sent(evidence)).toContain("PASS [secret]");
    expect(recordsOf(evidence, "login")[0]?.exchanges.map(({ command }) => command)).toEqual([
      "USER bob",
      "PASS [secret]",
    ]);
    expect(workingModes(evidence)).toHaveLength(4);
  });
});
