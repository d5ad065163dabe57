import { createSocket } from "node:dgram";

/** What a name gets from the responder: A records, an error code of RFC 1035 section 4.1.1, or no answer at all. */
export type DnsAnswer = { a: string[] } | { code: "SERVFAIL" | "NXDOMAIN" } | "silent";

const RESPONSE_CODE = { SERVFAIL: 2, NXDOMAIN: 3 } as const;

/** A name server on loopback that knows a handful of names; other names do not exist. */
export async function dnsResponder(
  names: Readonly<Record<string, DnsAnswer>>,
): Promise<{ server: string; asked: string[]; close(): void }> {
  const socket = createSocket("udp4");
  const asked: string[] = [];
  socket.on("message", (question, from) => {
    const { name, type, end } = readQuestion(question);
    asked.push(`${type === 1 ? "A" : "AAAA"} ${name}`);
    const answer = names[name] ?? { code: "NXDOMAIN" };
    if (answer === "silent") return;
    const records = "a" in answer && type === 1 ? answer.a : [];
    const header = Buffer.alloc(12);
    header.writeUInt16BE(question.readUInt16BE(0), 0);
    header.writeUInt16BE(0x8180 | ("code" in answer ? RESPONSE_CODE[answer.code] : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    const body = records.map((address) =>
      // Name by pointer to the question, type A, class IN, 60 s, four octets.
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split(".").map(Number)]),
    );
    socket.send(Buffer.concat([header, question.subarray(12, end), ...body]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { server: `127.0.0.1:${socket.address().port}`, asked, close: () => socket.close() };
}

function readQuestion(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}
