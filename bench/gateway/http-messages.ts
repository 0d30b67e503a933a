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

/** Tells when an answer is complete. One at a time. */
export class Answer {
  text = '';
  status = 0;
  isComplete = false;
  #bodyStart = -1;
  #length: number | null = null;

  /** What of the body has come with `bytes`. */
  add(bytes: Buffer): string {
    const from = this.text.length;
    this.text += bytes.toString('latin1');
    if (this.#bodyStart === -1) {
      const headEnd = this.text.indexOf(blankLine);
      if (headEnd === -1) return '';
      const head = this.text.slice(0, headEnd);
      this.status = Number(head.slice(9, 12));
      this.#bodyStart = headEnd + blankLine.length;
      this.#length = /transfer-encoding: chunked/i.test(head) ? null : lengthOf(head);
    }
    this.isComplete =
      this.#length === null ? this.text.endsWith('0\r\n\r\n') : this.text.length >= this.#bodyStart + this.#length;
    return this.text.slice(Math.max(from, this.#bodyStart));
  }
}

function lengthOf(head: string): number {
  return Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
}
