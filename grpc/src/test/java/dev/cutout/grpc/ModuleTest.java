package dev.cutout.grpc;

import static java.lang.module.ModuleDescriptor.Requires.Modifier.MANDATED;
import static java.lang.module.ModuleDescriptor.Requires.Modifier.STATIC;
import static java.lang.module.ModuleDescriptor.Requires.Modifier.TRANSITIVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** This module needs the breaker and gRPC's API, which its users see too, and nothing else. */
class ModuleTest {
    @Test
    void demandsTheBreakerAndGrpcsApi() throws Exception {
        Path classes = Path.of(CircuitBreakerInterceptor.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        ModuleDescriptor module =
                ModuleFinder.of(classes).find("dev.cutout.grpc").orElseThrow().descriptor();

        assertThat(module.requires())
                .filteredOn(required -> !required.modifiers().contains(STATIC)
                        && !required.modifiers().contains(MANDATED))
                .allMatch(required -> required.modifiers().contains(TRANSITIVE))
                .extracting(Requires::name)
                .containsExactlyInAnyOrder("dev.cutout", "io.grpc");
    }
}
