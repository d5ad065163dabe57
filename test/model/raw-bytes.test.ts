import { describe, expect, it } from "vitest";
import { hexOf, isText } from "../../src/model/raw-bytes.ts";

describe("isText", () => {
  it.each([
    "500 OOPS: \x1b[2Jcannot load certificate\r\n",
    "220 \xc4\xee\xe1\xf0\xee \xef\xee\xe6\xe0\xeb\xee\xe2\xe0\xf2\xfc",
    "SSH-2.0-OpenSSH_9.6\r\n",
    "HTTP/1.1 400 Bad Request\r\n\r\n",
    "Segmentation fault\n",
    "x",
    "Willkommen, es gr\xfc\xdft der Rechner",
  ])("takes words for words: %j", (bytes) => {
    expect(isText(bytes)).toBe(true);
  });

  it.each(["\x8a\x1f\x00\xff", "\0", "\x16\x03\x01ab", "J\0\0\0\n8.0.36\0\x08\0\0\0"])(
    "takes bytes for bytes: %j",
    (bytes) => {
      expect(isText(bytes)).toBe(false);
    },
  );
});

it("hexOf shows the first bytes, and that there are more", () => {
  expect(hexOf("\x0a\xff")).toBe("0a ff");
  expect(hexOf("\x00".repeat(9))).toBe("00 00 00 00 00 00 00 00 …");
});
