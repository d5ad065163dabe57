import type { Run } from "../model/report.ts";

/** What a format may depend on besides the run itself. */
export interface RenderOptions {
  /** ANSI colour may be used; colour only ever adds to words. */
  color: boolean;
  /** Columns a line may take. */
  width: number;
  /** Transcripts, the chain of certificates, every rule's answer and every remedy in full as well. */
  verbose: boolean;
  /** One line per target. */
  quiet: boolean;
  /** What common FTP clients would do, as well. */
  clients: boolean;
  /** Where it is to be shown only ASCII can be: rules and pictures are drawn with it; false where left out. */
  ascii?: boolean;
}

/** One output format. Pure: a run in, text out. */
export interface Reporter {
  /** The name that `--format` takes. */
  name: string;
  /** The whole output, ended by a newline unless it is empty. Every format makes untrusted text harmless for itself. */
  render(run: Run, options: RenderOptions): string;
}
