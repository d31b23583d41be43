package dev.freshwire.benchmarks.startup;

import java.io.IOException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** Ends when a web application of Spring Boot, on its embedded Tomcat, is ready to serve. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class SpringBootReady {

  /** Takes the URL of a server, which it does not need. */
  public static void main(String[] arguments) throws IOException {
    System.setProperty("server.address", "127.0.0.1");
    System.setProperty("server.port", "0");
    // Returns when the application is ready.
    SpringApplication.run(SpringBootReady.class);
    Census.print();
    Runtime.getRuntime().halt(0);
  }
}
