import { readOffer } from "../ftp/codec-offer.ts";
import { command } from "../ftp/commands.ts";
import type { Endpoint } from "../model/endpoint.ts";
import type { OfferRecord } from "../model/evidence.ts";
import { ask, type SessionContext } from "./context.ts";

/**
 * Asks for a passive port. `onReply` gets the record as soon as there is one; the answer is the endpoint that was
 * named, null where none was or none could be read.
 */
export async function askForOffer(
  context: SessionContext,
  mode: "epsv" | "pasv",
  onReply: (offer: OfferRecord) => void,
): Promise<Endpoint | null> {
  const exchange = await ask(context, command(mode.toUpperCase()));
  const offer: OfferRecord = { exchange, advertised: null, oddities: [], problem: null };
  onReply(offer);
  const reply = exchange.outcome === "ok" ? exchange.replies.at(-1) : undefined;
  if (reply === undefined || reply.code < 200 || reply.code >= 300) return null;
  const words = { code: reply.code, lines: context.open.session.wordsOf(reply) };
  const reading = readOffer(mode, words, context.address);
  offer.oddities = reading.oddities;
  if (reading.ok) offer.advertised = reading.endpoint;
  else offer.problem = context.run.recorder.redact(reading.problem);
  return offer.advertised;
}
