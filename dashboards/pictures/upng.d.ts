declare module 'upng-js' {
  interface Picture {
    readonly width: number;
    readonly height: number;
  }
  const UPNG: {
    decode(png: ArrayBuffer): Picture;
    toRGBA8(picture: Picture): ArrayBuffer[];
    encode(frames: ArrayBuffer[], width: number, height: number, colours: number): ArrayBuffer;
  };
  export default UPNG;
}
