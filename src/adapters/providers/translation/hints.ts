/** Said to models of vendors that have no switch for it. */

export const oneCallHint = 'Call at most one tool in a turn, and wait for its result before the next call.';

export const jsonHint =
  'Answer with one JSON object and nothing else: no text before or after it, and no code fence around it.';
