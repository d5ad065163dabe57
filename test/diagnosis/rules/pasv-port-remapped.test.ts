import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-port-remapped";
const PEER = "203.0.113.5";
const RANGE = { from: 8181, to: 8189 };

/** A survey whose offers are closed, beside a range that can be reached. */
const survey = (dial: "refused" | "timed-out" = "refused") =>
  probeOf(PEER)
    .policy({ modes: ["epsv", "pasv"], ports: { range: RANGE, rate: 180, concurrency: null } })
    .offers(
      "pasv",
      "one-by-one",
      [8083, 8084, 8087].map((port) => ({ names: `${PEER}:${port}`, dial })),
    )
    .sweep(["8181-8189 closed"], { 2222: "closed" });

describe(ID, () => {
  it.each(["refused", "timed-out"] as const)(
    "is certain where listings came over other ports, and the offer was %s",
    (dial) => {
      const report = expectCauses(
        survey(dial).remapped(RANGE, [
          [8083, 8183],
          [8084, 8184],
        ]),
        [ID],
      );
      const finding = findingOf(report, ID);
      expect(finding).toMatchObject({
        confidence: "certain",
        at: "server-nat",
        severity: "warning",
        args: { offset: 100, pairs: ["8083 is 8183", "8084 is 8184"], listings: 2 },
        rivals: [],
      });
      expect(finding.summary).toContain("8083 is 8183 outside and 8084 is 8184 outside, each 100 higher");
      const [docker] = finding.remedies;
      expect(docker).toMatchObject({ product: "Docker", config: [{ line: '- "8081-8089:8081-8089"' }] });
      expect(report.verdict).toBe("degraded");
    },
  );

  it("names the server's own setting with the numbers of the outside", () => {
    const probe = survey()
      .control({ greeting: "220 (vsFTPd 3.0.3)" })
      .remapped(RANGE, [
        [8083, 8183],
        [8084, 8184],
      ]);
    const { remedies } = findingOf(expectCauses(probe, [ID]), ID);
    const lines = remedies.flatMap(({ config }) => config ?? []).map(({ line }) => line);
    expect(lines).toEqual(expect.arrayContaining(["pasv_min_port=8181", "pasv_max_port=8189"]));
  });

  it("names no offset where one offer alone shows it, or they differ", () => {
    for (const trials of [
      [[8083, 8183]],
      [
        [8083, 8183],
        [8084, 8187],
      ],
    ] as [number, number][][]) {
      const { args, remedies } = findingOf(expectCauses(survey().remapped(RANGE, trials), [ID]), ID);
      expect(args["offset"]).toBeNull();
      expect(remedies.map(({ product }) => product)).not.toContain("Docker");
    }
  });

  it("is only possible, with a rival, where a port accepted and no listing came over it", () => {
    const report = expectCauses(
      survey().remapped(RANGE, [[8083, 8185, { data: "closed", bytes: 0, replies: ["425 No."] }]]),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "possible", rivals: [expect.anything()] });
  });

  it("does not fire where no port of the range led to the server, and says so to the finding that stays", () => {
    const report = expectCauses(survey().remapped(RANGE, [[8083, null]]), ["pasv-port-out-of-range"]);
    expect(checkOf(report, ID).status).toBe("absent");
    const rival = findingOf(report, "pasv-port-out-of-range").rivals.find(({ cause }) => cause === ID);
    expect(rival?.toTellApart).toContain("Of 8181-8189 none led to the server");
  });

  it("cannot tell where nobody looked, and gives the command that looks", () => {
    const closed = { dial: "refused" } as const;
    const report = expectCauses(probeOf(PEER).passive("epsv", closed).passive("pasv", closed), ["pasv-ports-refused"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
    const rival = findingOf(report, "pasv-ports-refused").rivals.find(({ cause }) => cause === ID);
    expect(rival?.toTellApart).toContain('"ftp-doctor ports ftp.example.com --range A-B" proves it');
  });

  it("is absent where an offered port opens", () => {
    expect(checkOf(expectCauses(probeOf(PEER).works("epsv", "pasv"), []), ID).status).toBe("absent");
  });
});
