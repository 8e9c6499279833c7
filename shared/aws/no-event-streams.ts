const none = (): never => {
  throw new Error("The functions are bundled without the SDK's event streams: no call they make answers with one.");
};

/**
 * Stands in a function's bundle for the SDK's `@smithy/core/event-streams`: a codec for answers that are streams of
 * events, as S3's SelectObjectContent has one. Clients are set up without it, and whatever would use it throws.
 */
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;

/** Throws, as there are no event streams. */
export const eventStreamSerdeProvider = none;

/** Throws, as there are no event streams. */
export const EventStreamSerde = none;
