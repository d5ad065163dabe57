import { active } from "./active.ts";
import { activePorts } from "./active-ports.ts";
import { ccc } from "./ccc.ts";
import { control } from "./control.ts";
import { directory } from "./directory.ts";
import { hold } from "./hold.ts";
import { identify } from "./identify.ts";
import { ladder } from "./ladder.ts";
import { login } from "./login.ts";
import { offers } from "./offers.ts";
import { otherPorts } from "./other-ports.ts";
import { passive } from "./passive.ts";
import { remappedPorts } from "./remapped-ports.ts";
import { resolve } from "./resolve.ts";
import { secure } from "./secure.ts";
import { sweep } from "./sweep.ts";
import { tlsMatrix } from "./tls-matrix.ts";
import { tlsVersions } from "./tls-versions.ts";

/** Every question that a probe can put, in the order in which a run comes to them. */
export const experiments = [
  resolve,
  control,
  secure,
  identify,
  login,
  directory,
  passive,
  active,
  offers,
  otherPorts,
  ladder,
  sweep,
  remappedPorts,
  activePorts,
  hold,
  tlsVersions,
  tlsMatrix,
  ccc,
] as const;
