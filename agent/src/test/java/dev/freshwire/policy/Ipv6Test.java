package dev.freshwire.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv6Test {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "1::",
        "1:2:3:4:5:6:7:8",
        "fe80::a:b:c:d",
        "2001:db8::8:800:200c:417a",
        "2001:DB8:0:0:8:800:200C:417A",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "1::8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1:2::7:8",
        "64:ff9b::192.0.2.33",
        "1:2:3:4:5:6:1.2.3.4",
        "::1.2.3.4",
        "::255.255.255.255",
      })
  void an_address_is_read_as_the_platform_reads_it(String text) throws Exception {
    assertThat(Ipv6.isValid(text, 0, text.length())).isTrue();
    ByteBuffer expected = platform(text);
    assertThat(Ipv6.high(text, 0, text.length())).isEqualTo(expected.getLong(0));
    assertThat(Ipv6.low(text, 0, text.length())).isEqualTo(expected.getLong(8));
    assertThat(Ipv6.low("[" + text + "]", 1, text.length() + 1)).isEqualTo(expected.getLong(8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":::",
        "1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "::1::",
        "12345::",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8",
        "g::",
        "1:",
        ":1",
        "1:2:",
        "::1.2.3",
        "::1.2.3.4.5",
        "::256.1.1.1",
        "::1.2.3.",
        "::1..2.3",
        "::1.2.3.4:5",
        "::0001.2.3.4",
        "::a.2.3.4",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1.2.3.4",
        "::/",
        "::@",
        "::`",
        "::1%",
        "::1.2.3.4x",
        "::-1"
      })
  void anything_else_is_no_address(String text) {
    assertThat(Ipv6.isValid(text, 0, text.length())).isFalse();
  }

  @Test
  void random_addresses_are_read_as_the_platform_reads_them() throws Exception {
    Random random = new Random(6);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[16];
      random.nextBytes(bytes);
      // Not 0xffff in front of an IPv4 address: the platform answers with an IPv4 address then.
      bytes[0] |= 1;
      String text = InetAddress.getByAddress(bytes).getHostAddress();
      int cut = random.nextInt(7);
      if (random.nextBoolean()) {
        text = compressed(text, cut);
      }
      ByteBuffer expected = platform(text);
      assertThat(Ipv6.isValid(text, 0, text.length())).as(text).isTrue();
      assertThat(Ipv6.high(text, 0, text.length())).as(text).isEqualTo(expected.getLong(0));
      assertThat(Ipv6.low(text, 0, text.length())).as(text).isEqualTo(expected.getLong(8));
    }
  }

  /** Leaves out two or more groups. */
  private static String compressed(String text, int group) {
    String[] groups = text.split(":", -1);
    StringBuilder shorter = new StringBuilder();
    for (int i = 0; i < group; i++) {
      shorter.append(groups[i]).append(i + 1 < group ? ":" : "");
    }
    shorter.append("::");
    for (int i = group + 2; i < 8; i++) {
      shorter.append(groups[i]).append(i + 1 < 8 ? ":" : "");
    }
    return shorter.toString();
  }

  private static ByteBuffer platform(String text) throws UnknownHostException {
    return ByteBuffer.wrap(InetAddress.getByName("[" + text + "]").getAddress());
  }
}
