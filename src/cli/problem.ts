/** A mistake of the user's: the message is one line that says what is wrong and what would be right. Ends with exit code 3. */
export class UsageProblem extends Error {
  override name = "UsageProblem";
}

/** The user left before there was anything to report, as at the password prompt. Ends with exit code 130. */
export class Interrupted extends Error {
  override name = "Interrupted";
}

/** Exit code of wrong usage and of a run that could not tell. */
export const EXIT_USAGE = 3;
/** Exit code after Ctrl+C. */
export const EXIT_INTERRUPTED = 130;
