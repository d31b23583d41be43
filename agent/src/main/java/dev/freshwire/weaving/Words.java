package dev.freshwire.weaving;

import java.util.ArrayList;
import java.util.List;

/**
 * A list of words, one a line: how the build tells the agent what it found. Whoever reads them
 * knows what they are. Not thread-safe.
 */
final class Words {
  private final StringBuilder told = new StringBuilder();
  private String text = "";
  private int at;

  /** For writing. */
  Words() {}

  /** For reading what was written. */
  Words(String text) {
    this.text = text;
  }

  void put(String word) {
    if (word.indexOf('\n') >= 0) {
      throw new IllegalArgumentException(word);
    }
    told.append(word).append('\n');
  }

  void put(int number) {
    put(Integer.toString(number));
  }

  void put(List<String> list) {
    put(list.size());
    for (String word : list) {
      put(word);
    }
  }

  String next() {
    int end = text.indexOf('\n', at);
    if (end < 0) {
      throw new IllegalStateException("ends early");
    }
    String word = text.substring(at, end);
    at = end + 1;
    return word;
  }

  int nextNumber() {
    return Integer.parseInt(next());
  }

  List<String> nextList() {
    int count = nextNumber();
    List<String> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(next());
    }
    return list;
  }

  @Override
  public String toString() {
    return told.toString();
  }
}
