import { familyOf } from "../model/endpoint.ts";
import type {
  ActiveRecord,
  ControlRecord,
  Exchange,
  ExperimentRecord,
  PassiveRecord,
  RecordOf,
  ReplyRecord,
  RoundAnswer,
  RoundAttempt,
  RoundConnection,
  RoundRecord,
} from "../model/evidence.ts";

/** Longer wordings differ in nothing that tells machines apart. */
const TEXT_AT_MOST = 160;
/** Commands of one session whose answers are kept. */
const SAID_AT_MOST = 12;

/** What of a round is kept: everything that can differ between rounds, and nothing else. */
export function digest(records: readonly ExperimentRecord[]): Pick<RoundRecord, "resolved" | "visits"> {
  const controls = records.filter((record) => record.experiment === "control");
  const attempts = records.filter((record) => record.experiment === "passive" || record.experiment === "active");
  const addresses = [...new Set([...controls, ...attempts].map(({ address }) => address))];
  return {
    resolved: records.flatMap((record) =>
      record.experiment === "resolve"
        ? [{ family: record.family, outcome: record.outcome, addresses: [...record.addresses].sort() }]
        : [],
    ),
    visits: addresses.map((address) => ({
      address,
      family: familyOf(address),
      connections: controls
        .filter((control) => control.address === address)
        .map((control) => connection(control, records)),
      attempts: attempts.filter((record) => record.address === address).map(attempt),
    })),
  };
}

/** What one control connection showed. */
function connection(control: ControlRecord, records: readonly ExperimentRecord[]): RoundConnection {
  const here = records.filter(
    (record) => record.experiment !== "resolve" && record.session !== null && record.session === control.session,
  );
  const login = here.find((record): record is RecordOf<"login"> => record.experiment === "login");
  const secured = here.find((record): record is RecordOf<"secure"> => record.experiment === "secure");
  const [certificate] = secured?.handshake?.agreed?.certificates ?? [];
  const { greeting } = control;
  return {
    session: control.session,
    connect: control.connect.outcome,
    connectMs: control.connect.ms,
    greeting: greeting === null ? null : answer(greeting.outcome, greeting.reply),
    login: login?.status === "done" ? login.result : null,
    certificate:
      certificate === undefined
        ? null
        : { subject: certificate.subject.slice(0, TEXT_AT_MOST), fingerprint256: certificate.fingerprint256 },
    said: here
      .flatMap(exchangesOf)
      .flatMap(({ command, replies }) => replies.map((reply) => ({ command: verb(command), reply })))
      .slice(0, SAID_AT_MOST)
      .map(({ command, reply }) => ({ command, code: reply.code, text: firstLine(reply) })),
  };
}

function exchangesOf(record: ExperimentRecord): Exchange[] {
  switch (record.experiment) {
    case "identify":
      return [record.syst].flatMap((exchange) => exchange ?? []);
    case "login":
      return record.exchanges;
    case "passive":
      return [record.offer?.exchange, record.transfer?.exchange].flatMap((exchange) => exchange ?? []);
    case "active":
      return [record.exchange, record.transfer?.exchange].flatMap((exchange) => exchange ?? []);
    default:
      return [];
  }
}

function verb(command: string): string {
  return command.split(" ", 1)[0] ?? "";
}

function attempt(record: PassiveRecord | ActiveRecord): RoundAttempt {
  const passive = record.experiment === "passive" ? record : null;
  const active = record.experiment === "active" ? record : null;
  const command = passive === null ? active?.exchange : passive.offer?.exchange;
  const { transfer } = record;
  return {
    mode: record.mode,
    protection: record.protection,
    session: record.session,
    status: record.status,
    note: record.note,
    command: command == null ? null : ending(command),
    endpoint: passive?.offer?.advertised ?? active?.offered ?? null,
    dialled: (passive?.dialled ?? []).map(({ role, endpoint, outcome, ms }) => ({ role, endpoint, outcome, ms })),
    accept: active?.accept?.outcome ?? null,
    calledFrom: active?.calledFrom ?? null,
    transfer:
      transfer === null
        ? null
        : {
            ...ending(transfer.exchange),
            over: transfer.over,
            dataOutcome: transfer.dataOutcome,
            bytes: transfer.bytes,
          },
    ms: record.durationMs,
  };
}

function ending({ outcome, replies }: Exchange): RoundAnswer {
  return answer(outcome, replies.at(-1) ?? null);
}

function answer(outcome: RoundAnswer["outcome"], reply: ReplyRecord | null): RoundAnswer {
  return { outcome, code: reply?.code ?? null, text: reply === null ? "" : firstLine(reply) };
}

/** Of a long greeting the first line, which names the machine; of a long reply the first line, which says what it is about. */
function firstLine({ lines }: ReplyRecord): string {
  return (lines[0] ?? "").slice(0, TEXT_AT_MOST);
}
