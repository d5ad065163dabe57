/** So many are no chance: each is among the first half of those asked as often as not. */
const ENOUGH_LATE = 10;
/** Of the changes between silence and a reset that a random order makes, on average, so many are to be seen. */
const MIXED = 0.5;

/**
 * Whether resets are likely those of a limit on connections: while few wait for an answer, ports that a firewall drops are silent; from
 * then on every port sends a reset, these as well when they are asked again. `late` says for each port that was silent and then sent a
 * reset, `prompt` for each that sent one at once, as the how manyth of all `asked` it was asked, from 1. What a way loses under too many
 * is lost later as well, and what it loses in one moment is no mixture: ports are asked in random order.
 */
export function isResetLimit(late: readonly number[], prompt: readonly number[], asked: number): boolean {
  const last = late.reduce((most, turn) => Math.max(most, turn), 0);
  if (late.length < ENOUGH_LATE || 2 * last > asked) return false;
  const before = prompt.filter((turn) => turn < last);
  const inOrder = [
    ...late.map((turn) => ({ turn, silent: true })),
    ...before.map((turn) => ({ turn, silent: false })),
  ].sort((one, other) => one.turn - other.turn);
  const changes = inOrder.filter(({ silent }, index) => index > 0 && silent !== inOrder[index - 1]?.silent).length;
  return changes >= (MIXED * 2 * late.length * before.length) / inOrder.length;
}
