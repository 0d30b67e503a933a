/** Takes one stream of bytes apart, piece by piece. Throws `upstream_error` for what cannot be read. */
export interface FrameReader<Frame> {
  /** What has become whole with this piece. */
  push(piece: Uint8Array): readonly Frame[];
  /** What is left when the stream has come to its end. */
  end(): readonly Frame[];
}
