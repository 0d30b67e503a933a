import type { DocumentPart, DocumentType, ExtractOptions, Inspection, PartRange } from '../../../core/document.ts';
import type { StoredError } from '../../../core/errors.ts';
import type { ParsingLimits } from '../limits.ts';

/** What a caller says of a file; its bytes may say otherwise. */
export interface FileHint {
  name: string;
  mediaType: string | null;
}

export type Task =
  | { kind: 'inspect'; path: string; hint: FileHint; limits: ParsingLimits }
  | {
      kind: 'extract';
      path: string;
      type: DocumentType;
      range: PartRange;
      options: ExtractOptions;
      limits: ParsingLimits;
    };

/** Parent to child. */
export type Request = { kind: 'task'; task: Task } | { kind: 'next' };

/**
 * Child to parent: `ready` once; then for each task any number of parts, each held until the parent sends `next`, and
 * one last reply. `detail` of a failure is for our log.
 */
export type Reply = { kind: 'ready' } | { kind: 'part'; part: DocumentPart } | LastReply;

/** Child to parent, at any time, and no answer to anything: what comes now is the recognition of a picture. */
export interface RecognitionNotice {
  kind: 'recognising';
}

export type LastReply =
  | { kind: 'inspected'; inspection: Inspection }
  | { kind: 'extracted' }
  | { kind: 'failed'; error: StoredError; detail: string };
