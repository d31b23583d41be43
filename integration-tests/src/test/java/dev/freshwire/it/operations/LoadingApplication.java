package dev.freshwire.it.operations;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * An application that has loaded one class of OkHttp and is in the middle of defining another when
 * it says that it is ready: until it is told, or until the agent waits for that class.
 */
final class LoadingApplication {
  private LoadingApplication() {}

  public static void main(String[] arguments) throws Exception {
    Loader loader = new Loader();
    loader.loadClass("okhttp3.OkHttpClient");
    Thread loading =
        new Thread(
            () -> {
              try {
                loader.loadClass("okhttp3.internal.http.CallServerInterceptor");
              } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
              }
            });
    loading.start();
    loader.inTheMiddle.await();
    System.out.println("ready");
    Thread watching = new Thread(() -> watch(loader));
    watching.setDaemon(true);
    if (!Boolean.getBoolean("unseen")) {
      watching.start();
    }
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (commands.readLine() != null) {
      loader.goOn.countDown();
      loading.join();
      System.out.println("loaded");
    }
  }

  private static void watch(Loader loader) {
    while (loader.goOn.getCount() > 0) {
      for (StackTraceElement[] frames : Thread.getAllStackTraces().values()) {
        for (StackTraceElement frame : frames) {
          if (frame.getClassName().endsWith(".Latecomers")) {
            loader.goOn.countDown();
          }
        }
      }
    }
  }

  /** Has OkHttp for itself, and stops where an interface of its interceptors is looked for. */
  private static final class Loader extends URLClassLoader {
    final CountDownLatch inTheMiddle = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);

    static {
      registerAsParallelCapable();
    }

    Loader() throws MalformedURLException {
      super(urls(), LoadingApplication.class.getClassLoader());
    }

    private static URL[] urls() throws MalformedURLException {
      List<URL> urls = new ArrayList<>();
      for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        urls.add(new File(path).toURI().toURL());
      }
      return urls.toArray(new URL[0]);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("okhttp3.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        if (name.equals("okhttp3.Interceptor")) {
          inTheMiddle.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new ClassNotFoundException(name, e);
          }
        }
        return findClass(name);
      }
    }
  }
}
