import type { Http } from './client.ts';
import { type Downloaded, type DownloadRequest, download } from './download.ts';
import type { Guard } from './guard.ts';
import { type Posted, type Posting, postGuarded } from './post.ts';

/** What may be done with an address that a caller named. */
export function createOutbound(http: Http, guard: Guard) {
  return {
    /** See `Guard.check`. */
    check: guard.check,

    /** See `postGuarded`. */
    post(posting: Posting): Promise<Posted> {
      return postGuarded(http, posting);
    },

    /** See `download`. */
    download(request: DownloadRequest): Promise<Downloaded> {
      return download(http, request);
    },
  };
}

export type Outbound = ReturnType<typeof createOutbound>;
