package snippets;

import dev.cutout.*;
import dev.cutout.metrics.*;
import io.micrometer.core.instrument.*;
import java.time.*;
import java.util.*;

/** What the code in the documentation uses without showing it: the application's registry, and its breakers. */
public abstract class Scene {
    protected final MeterRegistry meterRegistry = null;
    protected final CircuitBreaker inventory = CircuitBreaker.of("inventory");
    protected final CircuitBreaker payments = CircuitBreaker.of("payments");
    protected final CircuitBreakerRegistry<String> hosts =
            CircuitBreakerRegistry.<String>builder().build();

    /** Where an expression goes that is shown for itself. */
    protected static void take(Object value) {}
}
