/** The bootstrap holds a channel to what it runs; its closing is how we learn that it is gone, even by SIGKILL. */

/** Calls `react` when the process that started this one is gone. Without a bootstrap it never is. */
export function onParentGone(react: () => void): void {
  if (!process.channel) return;
  process.once('disconnect', react);
  // Listening must not keep this process alive.
  process.channel.unref();
}
