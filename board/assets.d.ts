/** A style sheet as text: it is adopted by the document, since the page's policy allows no style elements. */
declare module '*.css?inline' {
  const text: string;
  export default text;
}
