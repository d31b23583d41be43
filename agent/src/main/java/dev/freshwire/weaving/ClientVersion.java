package dev.freshwire.weaving;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The version of a client, as its own constants or a properties file of its own tell it: a jar's
 * name and manifest are lost when the client was put into an application's jar.
 */
final class ClientVersion {
  private ClientVersion() {}

  /**
   * Looks into the classes and properties files that {@code client} names.
   *
   * @return "unknown version" when the client does not say
   */
  static String find(Client client, @Nullable ClassLoader loader) throws IOException {
    for (String holder : client.versionClasses) {
      if (holder.equals("java")) {
        return System.getProperty("java.version", "");
      }
      if (holder.endsWith(".properties")) {
        String release = release(ClassFiles.resource(loader, holder));
        if (release != null) {
          return release;
        }
        continue;
      }
      byte[] classFile = ClassFiles.find(loader, holder.replace('.', '/'));
      String version = classFile == null ? null : find(new Constants(classFile));
      if (version != null) {
        return version;
      }
    }
    return "unknown version";
  }

  private static @Nullable String release(byte @Nullable [] propertiesFile) throws IOException {
    if (propertiesFile == null) {
      return null;
    }
    Properties properties = new Properties();
    properties.load(new ByteArrayInputStream(propertiesFile));
    String release = properties.getProperty("info.release");
    return release != null ? release : properties.getProperty("version");
  }

  private static @Nullable String find(Constants constants) {
    for (int i = 1; i < constants.count(); i++) {
      if (constants.tag(i) == Constants.STRING) {
        String version = versionIn(constants.referred(i));
        if (version != null) {
          return version;
        }
      }
    }
    return null;
  }

  /** {@code 4.12.0} of {@code 4.12.0} and of {@code okhttp/4.12.0}; null of anything else. */
  private static @Nullable String versionIn(String constant) {
    String candidate = constant.substring(constant.lastIndexOf('/') + 1);
    boolean dotted = candidate.indexOf('.') > 0;
    return dotted && Character.isDigit(candidate.charAt(0)) ? candidate : null;
  }
}
