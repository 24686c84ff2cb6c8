/** Size of each instance's only volume: the system, the engine, and room for images. */
export const rootVolumeGb = 30;
