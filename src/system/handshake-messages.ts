/** RFC 5246 section 7.4.4. */
const CERTIFICATE_REQUEST = 13;
/** A type and a length of three bytes. */
const HEADER_BYTES = 4;

/**
 * The handshake messages that a server sends in clear: all up to its ChangeCipherSpec in TLS 1.2 and older, none but
 * ServerHello in TLS 1.3. Node does not tell that a server asked for a certificate of the client, and a server that gets
 * none ends the handshake with an alert that says no more than "failure".
 */
export class HandshakeMessages {
  #header: number[] = [];
  #restOfMessage = 0;
  #certificateRequested = false;

  /** Whether the server asked for a certificate of the client, as far as that is to be seen. */
  get certificateRequested(): boolean {
    return this.#certificateRequested;
  }

  /** Takes the contents of a handshake record; a message may go over several, and several may share one. */
  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#restOfMessage > 0) {
        const taken = Math.min(this.#restOfMessage, bytes.length - at);
        this.#restOfMessage -= taken;
        at += taken;
        continue;
      }
      this.#header.push(bytes[at] ?? 0);
      at += 1;
      if (this.#header.length < HEADER_BYTES) continue;
      const [type = 0, high = 0, middle = 0, low = 0] = this.#header;
      if (type === CERTIFICATE_REQUEST) this.#certificateRequested = true;
      this.#restOfMessage = (high * 256 + middle) * 256 + low;
      this.#header = [];
    }
  }
}
