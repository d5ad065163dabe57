import { describe, expect, it } from "vitest";
import { client, clientListener, passiveData, sickLogin } from "./fixture.ts";
import { read229 } from "./raw-client.ts";

/** The whole of a healthy listing. */
const WHOLE = /empty\r\n[\s\S]*pub\r\n[\s\S]*welcome\.txt\r\n$/;

/** What both connections say to LIST, and how the data connection ends; `silent` where nothing final is said. */
const TRANSFERS: readonly [fault: string, control: RegExp, data: RegExp, ended: "end" | "reset" | null][] = [
  ["no-data", /^150 .*\r\n$/, /^$/, null],
  ["no-data-no-150", /^$/, /^$/, null],
  ["data-stalls", /^150 .*\r\n$/, /^dr-xr-xr-x (?![\s\S]*welcome)/, null],
  ["data-from-stranger", /^425 Security: Bad IP connecting\.\r\n$/, /^$/, "end"],
  ["data-reset", /^150 .*\r\n426 .*\r\n$/, /^dr-xr-xr-x (?![\s\S]*welcome)/, "reset"],
  ["data-aborted", /^150 .*\r\n451 .*\r\n$/, /^dr-xr-xr-x (?![\s\S]*welcome)/, "end"],
  ["data-426", /^150 .*\r\n426 .*\r\n$/, /^dr-xr-xr-x (?![\s\S]*welcome)/, "end"],
  ["data-425", /^425 .*\r\n$/, /^$/, "end"],
  ["no-closing-reply", /^150 .*\r\n$/, WHOLE, "end"],
  ["closing-reply-first", /^226 .*\r\n150 .*\r\n$/, WHOLE, "end"],
  ["empty-listing", /^150 .*\r\n226 .*\r\n$/, /^$/, "end"],
  ["slow-listing=50", /^150 .*\r\n226 .*\r\n$/, WHOLE, "end"],
  ["hostile-listing", /^150 .*\r\n226 .*\r\n$/, /\x1b\[2J[\s\S]*=cmd/, "end"],
  ["listing-refused", /^550 Permission denied\.\r\n$/, /^$/, null],
];

describe("transfers", () => {
  it.each(TRANSFERS)("%s", async (fault, expected, listing, ended) => {
    const control = await sickLogin(fault);
    const data = await passiveData(control);
    await control.send("LIST\r\n");
    const [said, got] = await Promise.all([control.quiet(250), data.quiet(250)]);
    expect(said).toMatch(expected);
    expect(got).toMatch(listing);
    expect(data.ended).toBe(ended);
    expect(control.ended).toBe(null);
  });

  it("data-from-stranger leaves active mode alone", async () => {
    const control = await sickLogin("data-from-stranger");
    const listener = await clientListener();
    const { port } = listener.local;
    await control.command(`PORT 127,0,0,1,${port >> 8},${port & 255}`);
    const call = listener.accept(AbortSignal.timeout(3000));
    expect(await control.command("LIST")).toMatch(/^150 .*\r\n226 /);
    const answer = await call;
    if (answer.ok) answer.connection.close();
  });

  it("data-425 with data that comes before the command", async () => {
    const control = await sickLogin("data-425");
    const data = await client({ address: "127.0.0.1", port: read229(await control.command("EPSV")) });
    expect(await control.command("LIST")).toMatch(/^425 /);
    expect(await data.untilEnd()).toBe("");
  });

  it("control-closes-in-transfer", async () => {
    const control = await sickLogin("control-closes-in-transfer");
    await passiveData(control);
    await control.send("LIST\r\n");
    expect(await control.untilEnd()).toMatch(/^150 .*\r\n$/);
  });

  it("endless-listing ends when the client hangs up", async () => {
    const control = await sickLogin("endless-listing");
    const data = await passiveData(control);
    await control.send("LIST\r\n");
    await data.until(/again\.txt\r\n/);
    data.close();
    expect(await control.until(/^226 /m)).toMatch(/^150 .*\r\n226 /);
  });

  it("directory-refused", async () => {
    const control = await sickLogin("directory-refused");
    expect(await control.command("CWD pub")).toBe("550 Failed to change directory.\r\n");
    expect(await control.command("PWD")).toMatch(/"\/"/);
  });
});
