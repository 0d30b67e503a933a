/** What looks like a credential wherever it stands: our keys, bearer tokens, webhook secrets, `key=` parameters. */
const secrets =
  /\b(sk_[a-z]+_)[0-9A-Za-z]{12,}|\b(sk-)[0-9A-Za-z_-]{12,}|\b(whsec_)\S+|(Bearer\s+)\S+|([?&]key=)[^&\s"]+/g;

/** A text without credentials, for logs and for what receivers answered. */
export function redactSecrets(text: string): string {
  return text.replace(secrets, (_match, ...groups: (string | undefined)[]) => {
    const prefix = groups.slice(0, 5).find((group) => group !== undefined) ?? '';
    return `${prefix}[redacted]`;
  });
}
