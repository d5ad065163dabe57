import { describe, expect, it } from "vitest";
import { abortFailure } from "../../src/system/abort.ts";
import { classifyLookupError, classifySocketError } from "../../src/system/classify.ts";
import { TIMED_OUT } from "../../src/system/ports.ts";

const coded = (code: string, message = code) => Object.assign(new Error(message), { code });

describe("the outcome of a socket's error", () => {
  it.each([
    ["ECONNREFUSED", "refused"],
    ["ETIMEDOUT", "timed-out"],
    ["ECONNRESET", "reset"],
    ["ECONNABORTED", "reset"],
    ["EPIPE", "reset"],
    ["EHOSTUNREACH", "unreachable"],
    ["ENETUNREACH", "unreachable"],
    ["EHOSTDOWN", "unreachable"],
    ["EACCES", "unreachable"],
    ["EPERM", "unreachable"],
    ["EINVAL", "local-error"],
    ["EADDRNOTAVAIL", "local-error"],
    ["EAFNOSUPPORT", "local-error"],
    ["EMFILE", "local-error"],
    ["EADDRINUSE", "local-error"],
  ])("%s is %s", (code, outcome) => {
    const failure = classifySocketError(coded(code), "connect");
    expect(failure).toMatchObject({ outcome, code });
    expect(failure.detail).toMatch(new RegExp(`^[a-z].* \\(${code}\\)$`));
  });

  it("goes by the code, never by the text", () => {
    const misleading = coded("EHOSTUNREACH", "connect ECONNREFUSED 192.0.2.1:21");
    expect(classifySocketError(misleading, "connect")).toMatchObject({ outcome: "unreachable" });
    expect(classifySocketError(misleading, "connect").detail).not.toContain("192.0.2.1");
  });

  it("takes what it does not know for this machine's trouble", () => {
    expect(classifySocketError(coded("EWHATEVER"), "connect")).toMatchObject({
      outcome: "local-error",
      code: "EWHATEVER",
    });
    expect(classifySocketError("no error at all", "stream")).toMatchObject({ outcome: "local-error", code: null });
  });

  it.each(["EACCES", "EADDRINUSE", "EADDRNOTAVAIL", "EMFILE"])("%s of a listener is local", (code) => {
    expect(classifySocketError(coded(code), "listen")).toMatchObject({ outcome: "local-error", code });
  });

  it("does not blame a firewall for a port below 1024", () => {
    expect(classifySocketError(coded("EACCES"), "listen").detail).toBe("not allowed to listen on that port (EACCES)");
  });
});

describe("the outcome of a lookup's error", () => {
  it.each([
    ["ENOTFOUND", "not-found"],
    ["ENODATA", "not-found"],
    ["EBADNAME", "not-found"],
    ["ESERVFAIL", "lookup-failed"],
    ["ETIMEOUT", "lookup-failed"],
    ["ECONNREFUSED", "lookup-failed"],
    ["EREFUSED", "lookup-failed"],
    ["EAI_AGAIN", "lookup-failed"],
  ])("%s is %s", (code, outcome) => {
    expect(classifyLookupError(coded(code))).toMatchObject({ outcome, code });
  });
});

describe("the outcome of an aborted operation", () => {
  it("is a time-out for a step's own limit alone", () => {
    expect(abortFailure(AbortSignal.abort(TIMED_OUT)).outcome).toBe("timed-out");
    expect(abortFailure(AbortSignal.abort()).outcome).toBe("cancelled");
    expect(abortFailure(AbortSignal.abort("timed-out")).outcome).toBe("cancelled");
  });
});
