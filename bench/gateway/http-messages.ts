/** Just enough of HTTP/1.1 for a load and its stub to cost little beside what they measure. */

const blankLine = '\r\n\r\n';

/** Cuts what a socket receives into requests whose length is told. */
export class Requests {
  #held = '';

  add(bytes: Buffer): { head: string; body: string }[] {
    this.#held += bytes.toString('latin1');
    const found: { head: string; body: string }[] = [];
    for (;;) {
      const headEnd = this.#held.indexOf(blankLine);
      if (headEnd === -1) return found;
      const head = this.#held.slice(0, headEnd);
      const start = headEnd + blankLine.length;
      const chunked = /transfer-encoding: chunked/i.test(head);
      const end = chunked ? this.#chunkedEnd(start) : start + lengthOf(head);
      if (end === -1 || this.#held.length < end) return found;
      found.push({ head, body: this.#held.slice(start, end) });
      this.#held = this.#held.slice(end);
    }
  }

  #chunkedEnd(start: number): number {
    if (this.#held.startsWith('0\r\n\r\n', start)) return start + 5;
    const end = this.#held.indexOf('\r\n0\r\n\r\n', start);
    return end === -1 ? -1 : end + 7;
  }
}

/** Tells when an answer is complete, and keeps no more of it than that takes. One at a time. */
export class Answer {
  status = 0;
  isComplete = false;
  /** The head until it has come, then the last bytes. */
  #text = '';
  /** What is still to come; null for a body in chunks, until its head has come for any. */
  #left: number | null = null;

  /** What of the body has come with `bytes`. */
  add(bytes: Buffer): string {
    let body = bytes.toString('latin1');
    if (this.status === 0) {
      this.#text += body;
      const headEnd = this.#text.indexOf(blankLine);
      if (headEnd === -1) return '';
      const head = this.#text.slice(0, headEnd);
      this.status = Number(head.slice(9, 12));
      this.#left = /transfer-encoding: chunked/i.test(head) ? null : lengthOf(head);
      body = this.#text.slice(headEnd + blankLine.length);
      this.#text = '';
    }
    if (this.#left !== null) this.#left -= body.length;
    else this.#text = (this.#text + body).slice(-5);
    this.isComplete = this.#left === null ? this.#text === '0\r\n\r\n' : this.#left <= 0;
    return body;
  }
}

function lengthOf(head: string): number {
  return Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
}
