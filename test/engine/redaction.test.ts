import { describe, expect, it } from "vitest";
import { Redaction } from "../../src/engine/redaction.ts";

const SECRET = "Pässwörd 7/x+y";
const hide = (text: string, cut = false) => new Redaction([SECRET]).hide(text, cut);
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("a secret that a server echoes", () => {
  it.each([
    ["as it is", SECRET],
    ["in capitals", SECRET.toUpperCase()],
    ["in small letters", SECRET.toLowerCase()],
    ["as bytes", Buffer.from(SECRET).toString("latin1")],
    ["URL-encoded", encodeURIComponent(SECRET)],
    ["URL-encoded in small letters", encodeURIComponent(SECRET).toLowerCase()],
    ["URL-encoded as a form", encodeURIComponent(SECRET).replaceAll("%20", "+")],
    ["URL-encoded in part", SECRET.replace("7", "%37")],
    ["URL-encoded in full", Buffer.from(SECRET).toString("hex").replace(/../g, "%$&")],
    ["in base64", base64(SECRET)],
    ["in base64 of URLs", Buffer.from(SECRET).toString("base64url")],
    ["in base64 behind a name", base64(`me:${SECRET}`)],
    ["in base64 behind another name", base64(`you:${SECRET}!`)],
    ["in base64 with what was said", base64(`PASS ${SECRET}\r\n`)],
    ["in base64 that is URL-encoded", encodeURIComponent(base64(`a${SECRET}`))],
  ])("%s is hidden, and nothing else", (_how, echo) => {
    expect(hide(`530 not (${echo}) here, token=${echo};`)).toBe("530 not ([secret]) here, token=[secret];");
  });

  it("is hidden as often as it stands there", () => {
    expect(hide(`${encodeURIComponent(SECRET)} ${base64(SECRET)} 100% ${SECRET}`)).toBe(
      "[secret] [secret] 100% [secret]",
    );
  });

  it("is hidden where the text was cut off in it", () => {
    expect(hide(`x ${base64(SECRET).slice(0, 8)}`, true)).toBe("x [secret]");
    expect(hide(`x ${encodeURIComponent(SECRET).slice(0, 8)}`, true)).toBe("x [secret]");
    expect(hide(`x ${encodeURIComponent(SECRET).slice(0, 8)}`)).not.toContain("secret");
  });

  it("in capitals and small letters mixed is hidden, also where it is encoded", () => {
    const mixed = [...SECRET].map((char, at) => (at % 2 === 0 ? char.toUpperCase() : char.toLowerCase())).join("");
    expect(hide(`530 ${mixed}, \u0130 ${mixed}!`)).toBe("530 [secret], \u0130 [secret]!");
    expect(hide(`530 ${encodeURIComponent(mixed)};`)).toBe("530 [secret];");
  });

  it.each([
    ["ab", "530 Wrong password ab for you", "530 Wrong password [secret] for you"],
    ["ab", "500 'PASS AB' not understood, ab", "500 'PASS [secret]' not understood, [secret]"],
    ["7", "550 pass=7; try 17 or 77", "550 pass=[secret]; try 17 or 77"],
    ["a.b", "530 password a.B, passing axb", "530 password [secret], passing axb"],
    ["abc", "530 Password ABC, abcd", "530 Password [secret], [secret]d"],
    ["List", "530 password LIST is wrong", "530 password [secret] is wrong"],
  ])("too short to be hidden everywhere (%s) is hidden behind a word for it", (secret, text, hidden) => {
    expect(new Redaction([secret]).hide(text, false)).toBe(hidden);
  });

  it.each(["a", "ok", "21", "-"])("does not mask half the report where the secret is %s", (secret) => {
    const text = "220 FTP server ready - 21 users\r\n227 Entering (10,0,0,2,21,21)\r\n200 ok, a PASV is ok";
    expect(new Redaction([secret]).hide(text, true)).toBe(text);
  });

  it("does not hide words of FTP because a short password is one in the other case", () => {
    const text = "220 FTP server; LIST and PASS are known, 100%25";
    for (const word of ["ftp", "list", "pass"]) expect(new Redaction([word]).hide(text, false)).toBe(text);
  });

  it("takes any text and any secret", () => {
    for (const odd of ["\ud800abc", "%%%", "%2x", "===="]) {
      expect(new Redaction([odd]).hide(`a ${odd} b %zz %41 \udc00`, true)).toMatch(/^a \[secret\] b /);
    }
  });

  it("costs time that grows with the length of the text alone", () => {
    const funnel = new Redaction([SECRET]);
    // With the square of the length it would take minutes, longer than any test may.
    for (const part of ["%", "%41", "A", base64(SECRET), "a+/b"]) {
      expect(funnel.hide(part.repeat(1_000_000 / part.length), true).length).toBeGreaterThan(0);
    }
  });
});
