/** Whether a typed figure is the shown one, whatever the commas, spaces and rupee sign: `341,22870` is `3,41,22,870`. */
export function sameFigure(typed: string, shown: string): boolean {
  const bare = (text: string) => text.replace(/[,\s₹]/g, '');
  const without = (text: string) => bare(text).replace(/\.00$/, '');
  return bare(typed) !== '' && without(typed) === without(shown);
}
