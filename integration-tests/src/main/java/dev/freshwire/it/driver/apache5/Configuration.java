package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.Settings;
import dev.freshwire.it.driver.Variant;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.auth.AuthSchemeFactory;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Registry;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.jspecify.annotations.Nullable;

/** What both clients are configured with. Importing what is deprecated is a warning in Java 8. */
final class Configuration {
  private Configuration() {}

  static RequestConfig requestConfig(Settings settings) {
    RequestConfig.Builder config = RequestConfig.custom();
    Long readTimeout = settings.readTimeout();
    if (readTimeout != null) {
      config.setResponseTimeout(readTimeout, TimeUnit.MILLISECONDS);
    }
    if (settings.variant() == Variant.NTLM) {
      config.setTargetPreferredAuthSchemes(Collections.singletonList("NTLM"));
    }
    if (settings.variant() == Variant.NEGOTIATE) {
      config.setTargetPreferredAuthSchemes(Collections.singletonList("Negotiate"));
    }
    return config.build();
  }

  /** Since 5.1 the client knows NTLM only where the application says so. */
  @SuppressWarnings("deprecation")
  static Registry<AuthSchemeFactory> ntlm() {
    return RegistryBuilder.<AuthSchemeFactory>create()
        .register("NTLM", org.apache.hc.client5.http.impl.auth.NTLMSchemeFactory.INSTANCE)
        .build();
  }

  static Registry<AuthSchemeFactory> negotiate() {
    return RegistryBuilder.<AuthSchemeFactory>create()
        .register("Negotiate", context -> new Negotiated())
        .build();
  }

  @SuppressWarnings("deprecation") // Of NTLM.
  static BasicCredentialsProvider credentials(Settings settings) {
    BasicCredentialsProvider provider = new BasicCredentialsProvider();
    String name = settings.credentials();
    if (name != null) {
      provider.setCredentials(
          new AuthScope(null, -1),
          settings.variant() == Variant.NTLM
              ? new org.apache.hc.client5.http.auth.NTCredentials(
                  name, name.toCharArray(), "here", "domain")
              : new UsernamePasswordCredentials(name, name.toCharArray()));
    }
    return provider;
  }

  static @Nullable HttpHost proxy(Settings settings) {
    Long port = settings.proxyPort();
    return port == null ? null : new HttpHost("http", "127.0.0.1", port.intValue());
  }
}
