package dev.freshwire.weaving;

/**
 * The class file of a companion, as the build made it. Where a hook counts under a number, which is
 * another one in each loader, it has a constant that stands for the hook's purpose.
 */
final class CompanionFile {
  /** What the constants begin with that stand for a purpose. */
  private static final int PLACEHOLDER = 0x46570000;

  private static final int PURPOSES = 0x10000;

  private CompanionFile() {}

  /** What stands for the number of this purpose. */
  static int placeholder(int purpose) {
    if (purpose < 0 || purpose >= PURPOSES) {
      throw new IllegalArgumentException("purpose " + purpose);
    }
    return PLACEHOLDER | purpose;
  }

  /**
   * The class file with numbers in place of purposes.
   *
   * @param numbers by purpose
   */
  static byte[] numbered(byte[] classFile, int[] numbers) {
    byte[] result = classFile.clone();
    Constants constants = new Constants(classFile);
    for (int i = 1; i < constants.count(); i++) {
      int purpose = purpose(constants, i);
      if (purpose >= 0) {
        int at = constants.at(i) + 1;
        int number = numbers[purpose];
        result[at] = (byte) (number >> 24);
        result[at + 1] = (byte) (number >> 16);
        result[at + 2] = (byte) (number >> 8);
        result[at + 3] = (byte) number;
      }
    }
    return result;
  }

  /** What a class has of its own must not be taken for one. */
  static void requireNoPlaceholders(byte[] classFile) {
    Constants constants = new Constants(classFile);
    for (int i = 1; i < constants.count(); i++) {
      if (purpose(constants, i) >= 0) {
        throw new IllegalArgumentException("a constant like those that stand for numbers");
      }
    }
  }

  private static int purpose(Constants constants, int index) {
    if (constants.tag(index) != Constants.INTEGER) {
      return -1;
    }
    int value = constants.integer(constants.at(index) + 1);
    return (value & -PURPOSES) == PLACEHOLDER ? value - PLACEHOLDER : -1;
  }
}
