import { errorTable } from '../../core/errors.ts';

export const docsPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Switchyard API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
<main id="docs"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
`;

export const docsScript = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'list',
  persistAuthorization: false,
  validatorUrl: null,
});
`;

/** Where the \`type\` of a problem document leads. */
export function errorsPage(): string {
  const rows = Object.entries(errorTable).map(
    ([code, { status, retryable, type }]) =>
      `<tr id="${code}"><td>${code}<td>${status}<td>${type}<td>${retryable ? 'yes' : 'no'}`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Switchyard errors</title>
<h1>Errors</h1>
<p>Every error carries one of these codes. The message beside it says what was expected and what came.
<table>
<tr><th>Code<th>Status<th>Type<th>Can a retry help?
${rows.join('\n')}
</table>
</html>
`;
}
