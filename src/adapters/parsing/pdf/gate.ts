import type { Graphics } from './graphics.ts';
import type { PageContent } from './page-content.ts';

/** What the decision is made from. */
export interface PageEvidence extends Pick<PageContent, 'characters' | 'unmapped'> {
  graphics: Pick<Graphics, 'imageShare' | 'any'>;
}

/** From this many characters a text layer is worth having. */
export const minCharacters = 20;
/** More than this share of characters without meaning, and the text layer is noise. */
const maxUnmappedShare = 0.2;
/** A picture over more than this share of the page is a scan, unless there is text to speak of. */
export const maxImageShare = 0.8;
export const littleText = 200;

/** Whether a page must be recognised from its pixels. A page on which nothing is drawn at all need not. */
export function needsRecognition({ characters, unmapped, graphics }: PageEvidence): boolean {
  if (characters === 0 && !graphics.any) return false;
  if (characters < minCharacters) return true;
  if (unmapped > maxUnmappedShare * characters) return true;
  return graphics.imageShare > maxImageShare && characters < littleText;
}
