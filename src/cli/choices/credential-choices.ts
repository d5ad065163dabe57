import { type Arguments, flagOf, textOf } from "../arguments.ts";
import type { CredentialChoices } from "../invocation.ts";
import { UsageProblem } from "../problem.ts";
import { PASSWORD_SHOWN } from "../unknown-option.ts";

/** Whose login to use. Throws `UsageProblem`. */
export function credentialChoices(args: Arguments): CredentialChoices {
  const choices = {
    user: textOf(args, "user"),
    passwordFile: textOf(args, "password-file"),
    netrc: flagOf(args, "netrc"),
  };
  // Not echoed: what stands behind the colon is a password.
  if (choices.user?.includes(":")) {
    throw new UsageProblem(`--user takes the name alone; a password behind a colon ${PASSWORD_SHOWN}`);
  }
  if (choices.netrc && choices.passwordFile !== null) {
    throw new UsageProblem("--netrc and --password-file both say where the password is; give one of them");
  }
  return choices;
}
