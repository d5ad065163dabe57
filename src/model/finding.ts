/**
 * `critical`: no session possible. `error`: a required mode does not work. `warning`: works here, fails for some or later.
 * `notice`: worth knowing.
 */
export type Severity = "critical" | "error" | "warning" | "notice";

/** How sure the judgement is; never mixed with severity. */
export type Confidence = "certain" | "likely" | "possible";

/** The side at fault. */
export type Side =
  | "dns"
  | "server-config"
  | "server-firewall"
  | "server-nat"
  | "server-host"
  | "middlebox"
  | "path"
  | "client-firewall"
  | "client-nat"
  | "client"
  | "credentials"
  | "tls"
  | "unknown";

/** A value in a finding's `args`. */
export type ArgValue = string | number | boolean | null | string[] | number[];

/** A fault that is present. */
export interface Finding {
  /** Catalogue id, never reused. */
  id: string;
  /** How bad. */
  severity: Severity;
  /** How sure. */
  confidence: Confidence;
  /** `consequence`: would be gone with the cause. */
  role: "cause" | "consequence";
  /** The side at fault. */
  at: Side;
  /** A few words. */
  title: string;
  /** One sentence with the observed values. */
  summary: string;
  /** What is wrong and how we know, for somebody who is no FTP expert. */
  explanation: string;
  /** The values the words were made of. */
  args: Record<string, ArgValue>;
  /** The two or three lines that prove it, quoted from the evidence; untrusted text. */
  seen: string[];
  /** Ids of the evidence records it rests on. */
  evidence: string[];
  /** Other causes that fit the same evidence. */
  rivals: Rival[];
  /** Who must change what. */
  remedies: Remedy[];
}

/** Another cause that fits the same evidence. */
export interface Rival {
  /** A catalogue id, or a few words where it has none. */
  cause: string;
  /** What a catalogue id stands for, in a few words; left out where `cause` is words already. */
  title?: string;
  /** The measurement that would tell them apart. */
  toTellApart: string;
}

/** What somebody must change. */
export interface Remedy {
  /** Who acts. */
  who: "server-admin" | "firewall-admin" | "client-user";
  /** The product it is for, such as `vsftpd` or `nftables`; `any` where it is not bound to one. */
  product: string;
  /** `low`: minutes and no interruption. `medium`: a restart or a second party. `high`: a change of set-up. */
  effort: "low" | "medium" | "high";
  /** One or two sentences: what it does, and what to mind. */
  text: string;
  /** Lines of configuration. */
  config?: ConfigLine[];
  /** Commands in order, to be run as they stand. */
  commands?: string[];
}

/** One setting in one file. */
export interface ConfigLine {
  /** Full path, or the place in a dialogue. */
  file: string;
  /** Name of the directive. */
  directive: string;
  /** Its value. */
  value: string;
  /** The line exactly as it stands in the file. */
  line: string;
}
