/** The lab cannot do its work on this machine; the message is one line for people. */
export class LabProblem extends Error {
  /** @override */
  name = "LabProblem";
}

/** The lab may not do its work here (not root, not Linux, a container without the rights): a reason to skip, not a failure. */
export class LabNotPossibleHere extends Error {
  /** @override */
  name = "LabNotPossibleHere";
}
