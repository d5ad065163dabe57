import process from "node:process";

/**
 * What must not outlive the lab: each entry undoes one thing, synchronously, because the last chance to do so is Node's `exit` event.
 * @type {Set<() => void>}
 */
const pending = new Set();

/**
 * Promises that `undo` is run once: when the returned function is called, or on the way out, however the lab ends.
 * @param {() => void} undo
 * @returns {() => void}
 */
export function undoOnExit(undo) {
  const once = () => {
    if (pending.delete(once)) undo();
  };
  pending.add(once);
  return once;
}

/** Undoes everything that is still there, the latest first; one failure does not keep the others from being undone. */
function undoAll() {
  for (const undo of [...pending].reverse()) {
    try {
      undo();
    } catch (error) {
      process.stderr.write(`lab: could not clean up: ${error instanceof Error ? error.message : error}\n`);
    }
  }
}

/**
 * Covers every way out: the normal end, an error nobody caught, and the signals that ask a program to stop.
 * @param {{ keepInterrupt?: boolean }} [options] `keepInterrupt`: Ctrl+C belongs to the shell that runs inside
 */
export function cleanUpOnEveryExit({ keepInterrupt = false } = {}) {
  process.on("exit", undoAll);
  for (const [signal, number] of /** @type {const} */ ([
    ["SIGINT", 2],
    ["SIGTERM", 15],
    ["SIGHUP", 1],
  ])) {
    process.on(signal, () => {
      if (signal === "SIGINT" && keepInterrupt) return;
      process.exit(128 + number);
    });
  }
}
