package dev.freshwire.config;

import java.util.Random;

/** Texts that are nearly right, by chance: what parsers have to survive. */
public final class RandomTexts {
  private static final String[] ODD = {
    "",
    " ",
    ",",
    "=",
    "\"",
    "\\",
    ":",
    "*",
    ".",
    "-",
    "+",
    "%",
    "..",
    "/",
    "[",
    "]",
    "[::1]",
    "\n",
    "\r",
    "\0",
    "\t",
    "\u00e4",
    "\u2028",
    "\ud83d",
    "\uffff",
    "0",
    "1",
    "-1",
    "007",
    "2147483648",
    "9223372036854775808",
    "99999999999999999999",
    "1e9",
    "NaN",
    "\u0661",
    "ms",
    "s",
    "h",
    "never",
    "GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
    "Feb",
    "99",
    "a.example",
    "*.example:443"
  };

  private final Random random;
  private final String[] fragments;

  /** The same seed makes the same texts. */
  public RandomTexts(long seed, String... fragments) {
    this.random = new Random(seed);
    this.fragments = fragments;
  }

  /** Fragments and oddities, joined, and sometimes cut or changed at one place. */
  public String next() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      String[] from = random.nextBoolean() ? fragments : ODD;
      text.append(from[random.nextInt(from.length)]);
    }
    if (text.length() > 0 && random.nextInt(3) == 0) {
      text.setLength(random.nextInt(text.length()));
    }
    if (text.length() > 0 && random.nextInt(3) == 0) {
      text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(0x180));
    }
    return text.toString();
  }
}
