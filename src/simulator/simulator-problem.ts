/** The simulator could not be started: unknown fault, unusable value or port. The message is one line for people. */
export class SimulatorProblem extends Error {
  override name = "SimulatorProblem";
}
