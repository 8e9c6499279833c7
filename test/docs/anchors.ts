/** The anchors that GitHub gives a Markdown document's headings, ignoring code blocks. */
export function anchorsOf(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```.*?^```/gmsu, "");
  return [...prose.matchAll(/^#{1,6} (.+)$/gmu)].map(([, heading = ""]) =>
    heading
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/gu, "-"),
  );
}
